import type { Constraint, Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';

export const domainConstraint: StatementRule<Node> = {
  name: 'domain-constraint',
  severity: 'warning',
  title: 'A constraint of a domain cannot be changed without reading every table that uses the domain',
  reason:
    'ALTER DOMAIN … ADD CONSTRAINT looks at all columns of the domain in all tables, each locked against writes. What is checked in a domain today has to be changed in this way tomorrow.',
  safer: 'Use the type below the domain, and a CHECK in each table; add a constraint to a domain NOT VALID',
  examples: {
    dangerous: [
      "CREATE DOMAIN email AS text CHECK (value LIKE '%@%')",
      "ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (value LIKE '%@%')",
      'ALTER DOMAIN email SET NOT NULL',
    ],
    safe: [
      'CREATE DOMAIN email AS text',
      "ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (value LIKE '%@%') NOT VALID",
    ],
  },
  find(node) {
    if ('CreateDomainStmt' in node) {
      const kinds = (node.CreateDomainStmt.constraints ?? []).map(constraintOf);
      return kinds.some((constraint) => constraint?.contype === 'CONSTR_CHECK') ? [{}] : [];
    }
    if (!('AlterDomainStmt' in node)) return [];
    const { subtype, def } = node.AlterDomainStmt;
    const isScan = (subtype === 'C' && constraintOf(def)?.skip_validation !== true) || subtype === 'O';
    return isScan ? [{}] : [];
  },
};

function constraintOf(node: Node | undefined): Constraint | null {
  return node !== undefined && 'Constraint' in node ? node.Constraint : null;
}
