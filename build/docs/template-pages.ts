import { architecturePicture } from './architecture.ts';
import { withGenerated } from './page.ts';
import { permissionsTable } from './permissions.ts';
import type { Template } from './template.ts';

/** The pages with a part that is made from the template, by their path in the repository. */
export const templatePages: Readonly<Record<string, (page: string, template: Template) => string>> = {
  'docs/architecture.md': (page, template) => withGenerated(page, '```mermaid', '```', architecturePicture(template)),
  'docs/security.md': (page, template) =>
    withGenerated(page, '<!-- permissions -->', '<!-- /permissions -->', permissionsTable(template)),
};
