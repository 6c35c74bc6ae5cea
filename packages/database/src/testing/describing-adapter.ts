import { ColumnTypeEnum, type SqlQuery, type SqlResultSet } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { SchemaEngineAdapterFactory } from '../schema-engine.js';

/** `"char"`, in which PostgreSQL's catalogs hold one-letter codes. */
const CHAR_OID = 18;
const TEXT_OID = 25;

/** Columns of type "char" of a result, known by its rows. */
const charColumns = new WeakMap<object, readonly number[]>();

/** Passes "char" off as text, which the driver adapter knows, and remembers where it did. */
class DescribingPool extends pg.Pool {
  override query = async (...args: unknown[]): Promise<never> => {
    const query = pg.Pool.prototype.query as unknown as (
      ...given: unknown[]
    ) => Promise<pg.QueryResult | pg.QueryResult[]>;
    const result = await query.apply(this, args);
    for (const { fields, rows } of [result].flat()) {
      charColumns.set(
        rows,
        fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR_OID ? [index] : [])),
      );
      for (const field of fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
    }
    return result as never;
  };
}

/**
 * Lets the schema engine describe a database: the driver adapter refuses the type "char", and the engine panics over
 * anything else in its place.
 */
export class DescribingAdapterFactory extends SchemaEngineAdapterFactory {
  constructor(url: string) {
    super(new DescribingPool({ connectionString: url }));
  }

  override async connect(): ReturnType<SchemaEngineAdapterFactory['connect']> {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: async (query: SqlQuery): Promise<SqlResultSet> => {
        const result = await queryRaw(query);
        for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
        return result;
      },
    });
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
