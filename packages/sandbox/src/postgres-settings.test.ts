import { describe, expect, it } from '@jest/globals';
import { renderSettings, settingsFor } from './postgres-settings.js';

describe('PostgreSQL settings', () => {
  it('listens on 127.0.0.1 only and can prepare transactions', () => {
    const settings = settingsFor(true, {});
    expect(settings).toMatchObject({ listen_addresses: '127.0.0.1', max_prepared_transactions: '64' });
    expect(settings).not.toHaveProperty('fsync');
  });

  it('gives up durability only when told so', () => {
    expect(settingsFor(false, {})).toMatchObject({ fsync: 'off' });
  });

  it('lets the caller decide', () => {
    expect(settingsFor(false, { fsync: 'on', max_prepared_transactions: '0' })).toMatchObject({
      fsync: 'on',
      max_prepared_transactions: '0',
    });
  });

  it('quotes every value, so that none can add a line of its own meaning', () => {
    expect(renderSettings({ application_name: "it's" }, 5433)).toBe("application_name = 'it''s'\nport = '5433'\n");
  });
});
