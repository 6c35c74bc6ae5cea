/** What to do with a statement that can be in no transaction, where an execution, which is one, was asked for it. */
export const RUN_IN_MIGRATION =
  'Bind the template in a migration with "atomicity": "best": its steps outside the transaction run what no transaction takes';
