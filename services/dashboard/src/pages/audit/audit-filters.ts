/** What the audit is looked through by; each stands in the address. */
export const FILTERS = ['actor', 'action', 'subject', 'since', 'until'] as const;
export type AuditFilters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;
