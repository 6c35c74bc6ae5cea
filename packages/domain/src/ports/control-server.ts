/** The server of the control database, as far as it takes to know it when an endpoint leads there. */
export interface ControlServer {
  /** @throws EdenError SERVICE_UNAVAILABLE */
  identify(): Promise<ControlServerIdentity>;
  /**
   * The OID of the database in which somebody holds the advisory lock with this key, in whichever database of the
   * server; null when nobody does.
   * @throws EdenError SERVICE_UNAVAILABLE
   */
  findAdvisoryLock(key: bigint): Promise<number | null>;
}

export interface ControlServerIdentity {
  /** Also of every copy and standby of the server; null where it may not be read. */
  readonly systemIdentifier: string | null;
  /** Of the control database itself. */
  readonly databaseOid: number;
}
