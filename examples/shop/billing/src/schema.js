import { bigint, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const invoices = pgTable('invoices', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  orderNumber: text('order_number').notNull().unique(),
  cents: integer().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
