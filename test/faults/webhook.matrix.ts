import { describeEach } from './matrix.ts';
import { webhookCells } from './webhook-cells.ts';
import { brokenWebhookIn } from './webhook-invariants.ts';
import { playWebhook } from './webhook-play.ts';

describeEach(webhookCells, async (lab, cell) => brokenWebhookIn(lab, await playWebhook(lab, cell)));
