/** The part of Handlebars' syntax tree that we walk, as discriminated unions (its own typings leave `type` open). */

export interface Location {
  /** `line` counts from 1, `column` from 0. */
  readonly start: { readonly line: number; readonly column: number };
}

/** The `~` marks of a tag: strip the white space before (`open`) or behind (`close`) it. */
export interface StripFlags {
  readonly open?: boolean;
  readonly close?: boolean;
}

export interface Program {
  readonly body: readonly Statement[];
  readonly blockParams?: readonly string[];
}

export interface ContentStatement {
  readonly type: 'ContentStatement';
  readonly value: string;
  readonly loc: Location;
}

export interface CommentStatement {
  readonly type: 'CommentStatement';
  readonly strip: StripFlags;
  readonly loc: Location;
}

interface Call {
  readonly path: Expression;
  readonly params: readonly Expression[];
  readonly hash?: { readonly pairs: readonly unknown[] };
  readonly loc: Location;
}

export interface MustacheStatement extends Call {
  readonly type: 'MustacheStatement';
  readonly escaped: boolean;
  readonly strip: StripFlags;
}

export interface BlockStatement extends Call {
  readonly type: 'BlockStatement';
  readonly program?: Program;
  readonly inverse?: Program;
  readonly openStrip: StripFlags;
  readonly inverseStrip?: StripFlags;
  readonly closeStrip?: StripFlags;
}

export interface UnsupportedStatement {
  readonly type: 'PartialStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock';
  readonly loc: Location;
}

export type Statement = ContentStatement | CommentStatement | MustacheStatement | BlockStatement | UnsupportedStatement;

export interface PathExpression {
  readonly type: 'PathExpression';
  /** True for `@index` and the like. */
  readonly data: boolean;
  /** Number of `../`. */
  readonly depth: number;
  readonly parts: readonly string[];
  readonly original: string;
  readonly loc: Location;
}

export interface SubExpression extends Call {
  readonly type: 'SubExpression';
}

export interface ValueLiteral {
  readonly type: 'StringLiteral' | 'NumberLiteral' | 'BooleanLiteral';
  readonly value: string | number | boolean;
  readonly loc: Location;
}

export interface AbsentLiteral {
  readonly type: 'NullLiteral' | 'UndefinedLiteral';
  readonly loc: Location;
}

export type Expression = PathExpression | SubExpression | ValueLiteral | AbsentLiteral;
