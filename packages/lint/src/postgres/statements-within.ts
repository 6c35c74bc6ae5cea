import type { Node, WithClause } from 'libpg-query';

/** A statement with those that it runs: of its WITH, and of what it explains, copies or makes a table of. */
export function statementsWithin(node: Node): readonly Node[] {
  return [node, ...innerOf(node).flatMap(statementsWithin)];
}

function innerOf(node: Node): readonly Node[] {
  if ('ExplainStmt' in node) return given(node.ExplainStmt.query);
  if ('CopyStmt' in node) return given(node.CopyStmt.query);
  if ('PrepareStmt' in node) return given(node.PrepareStmt.query);
  if ('CreateTableAsStmt' in node) return given(node.CreateTableAsStmt.query);
  if ('DeclareCursorStmt' in node) return given(node.DeclareCursorStmt.query);
  return inWith(withClauseOf(node));
}

function withClauseOf(node: Node): WithClause | undefined {
  if ('SelectStmt' in node) return node.SelectStmt.withClause;
  if ('InsertStmt' in node) return node.InsertStmt.withClause;
  if ('UpdateStmt' in node) return node.UpdateStmt.withClause;
  if ('DeleteStmt' in node) return node.DeleteStmt.withClause;
  return 'MergeStmt' in node ? node.MergeStmt.withClause : undefined;
}

function inWith(clause: WithClause | undefined): readonly Node[] {
  return (clause?.ctes ?? []).flatMap((node) =>
    'CommonTableExpr' in node ? given(node.CommonTableExpr.ctequery) : [],
  );
}

function given(node: Node | undefined): readonly Node[] {
  return node === undefined ? [] : [node];
}
