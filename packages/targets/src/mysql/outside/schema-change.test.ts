import { describe, expect, it } from '@jest/globals';
import { cutStatements } from '../statements.js';
import { outsideRefusals, schemaChangeOf } from './schema-change.js';

function changeOf(text: string) {
  const [statement] = cutStatements({ text, params: [] });
  if (statement === undefined) throw new Error('no statement');
  const { again, objects, creates, isSingle } = schemaChangeOf(statement);
  return [again, objects.map(({ kind, name }) => `${kind} ${name}`).join(', '), creates, isSingle];
}

describe('a statement that commits by itself', () => {
  it.each([
    ['CREATE TABLE Item (id int, n int)', 'look', 'TABLE `Item`', true, true],
    ['create table if not exists shop.item (id int)', 'send', 'TABLE `shop`.`item`', true, true],
    ['CREATE OR REPLACE TABLE item (id int)', 'send', 'TABLE `item`', false, true],
    ['CREATE UNIQUE INDEX by_name ON `it``em` (a, b)', 'look', 'TABLE `it``em`', false, true],
    ['CREATE INDEX IF NOT EXISTS by_name USING BTREE ON s.t (a)', 'send', 'TABLE `s`.`t`', false, true],
    ['DROP INDEX by_name ON item', 'look', 'TABLE `item`', false, true],
    ['ALTER ONLINE TABLE item ADD a int, ADD b int', 'look', 'TABLE `item`', false, false],
    ['ALTER TABLE IF EXISTS item ADD n decimal(10,2)', 'look', 'TABLE `item`', false, true],
    ['ALTER TABLE item ADD (a decimal(10,2), b int)', 'look', 'TABLE `item`', false, false],
    ['ALTER TABLE item ADD COLUMN IF NOT EXISTS (a int, b int)', 'look', 'TABLE `item`', false, false],
    ['ALTER TABLE item ADD INDEX (a, b)', 'look', 'TABLE `item`', false, true],
    ['ALTER TABLE item RENAME TO thing', 'look', 'TABLE `item`', false, true],
    ['DROP TABLE IF EXISTS a, `b.c`', 'finish', 'TABLE `a`, TABLE `b.c`', false, false],
    ['DROP VIEW v', 'finish', 'TABLE `v`', false, true],
    ['RENAME TABLE t TO old, new TO t', 'look', 'TABLE `t`, TABLE `new`, TABLE `old`', false, false],
    [
      'CREATE DEFINER = event@localhost TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1',
      'look',
      'TRIGGER `tr`',
      true,
      true,
    ],
    ["CREATE DEFINER='a'@'b' SQL SECURITY INVOKER VIEW v AS SELECT 1", 'look', 'TABLE `v`', true, true],
    ['CREATE DEFINER=CURRENT_USER() PROCEDURE p() SELECT 1', 'look', 'PROCEDURE `p`', true, true],
    ['CREATE ALGORITHM=MERGE VIEW v AS SELECT 1', 'look', 'TABLE `v`', true, true],
    ['ALTER VIEW v AS SELECT 2', 'send', 'TABLE `v`', false, true],
    ['ALTER DATABASE CHARACTER SET utf8mb4', 'send', '', false, true],
    ['TRUNCATE TABLE item', 'send', '', false, true],
    ['OPTIMIZE TABLE item', 'send', '', false, true],
  ])('is known by what it is about: %s', (text, ...change) => {
    expect(changeOf(text)).toEqual(change);
  });

  it.each([
    ['CREATE TEMPORARY TABLE t (a int)', 'goes with its session'],
    ['DROP TEMPORARY TABLE t', 'goes with its session'],
    ['ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u', 'nobody could tell whether EXCHANGE PARTITION was done'],
    ['ALTER TABLE t DISCARD TABLESPACE', 'nobody could tell'],
    ['RENAME TABLE a TO b, b TO a', 'have changed places'],
    ['CREATE DATABASE other', 'about the server'],
    ["CREATE USER a IDENTIFIED BY 'b'", 'about the server'],
    ['FLUSH TABLES', 'about the server'],
    ['PURGE BINARY LOGS BEFORE NOW()', 'about the server'],
    ['DROP TABLE 1', 'a name is missing before "1"'],
  ])('is refused outside the transaction: %s', (text, reason) => {
    expect(outsideRefusals(cutStatements({ text, params: [] }))).toEqual([expect.stringContaining(reason)]);
  });
});
