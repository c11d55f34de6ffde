import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { listIndex, openIndex } from '../../lambdas/contract.ts';
import { grantKeyThrough, tableKeyActions } from '../permissions/key-access.ts';

/** What handlers may do with the reveals table, be it ours or one that was there before. */
export class RevealsAccess {
  readonly table: ITable;
  readonly tableName: string;

  constructor(table: ITable) {
    this.table = table;
    this.tableName = table.tableName;
  }

  /** Actions on the items of the table. `grant` would allow them on every index as well. */
  grantItems(grantee: IGrantable & IConstruct, ...actions: string[]): Grant {
    grantKeyThrough('dynamodb', this.table.encryptionKey, grantee, ...tableKeyActions);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }

  /** Reading the list of reveals, which holds no contact data. */
  grantList(grantee: IGrantable): Grant {
    return this.#grantQuery(grantee, listIndex.name);
  }

  /** Reading which reveals are still open. */
  grantOpen(grantee: IGrantable): Grant {
    return this.#grantQuery(grantee, openIndex.name);
  }

  #grantQuery(grantee: IGrantable, index: string): Grant {
    const resourceArns = [`${this.table.tableArn}/index/${index}`];
    return Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
  }
}
