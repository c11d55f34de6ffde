import { RelayFault } from '../../reveal/errors.ts';

/** How often a use case reads a record and decides again because somebody else has changed it meanwhile. */
export const mostTries = 5;

export const keptChanging = () =>
  new RelayFault('DynamoDB', 'others changed the record each time before it could be written');
