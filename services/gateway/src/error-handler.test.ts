import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ERRORS, EdenError } from '@eden/domain';
import { createTelemetry } from '@eden/telemetry';
import express from 'express';
import { STATUS_OF, errorAnswer, errorHandler, toEdenError } from './error-handler.js';
import { ActiveRequests } from './http/active-requests.js';

describe('the answer to an error', () => {
  it('has a status for every code, and a retry hint where waiting helps', () => {
    for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
      const { status, headers } = errorAnswer(new EdenError(code), 'r1');
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers?.['Retry-After'] !== undefined).toBe([423, 429, 503].includes(STATUS_OF[code]));
    }
  });

  it('is the sentence, the keys of the guide, the code and the request id', () => {
    const error = new EdenError('TEMPLATE_NOT_FOUND', {
      template_id: 'nonexistent_template',
      suggestion: 'Verify template exists in your organization',
    });
    expect(errorAnswer(error, 'r1').body).toEqual({
      error: 'Template not found',
      template_id: 'nonexistent_template',
      suggestion: 'Verify template exists in your organization',
      code: 'TEMPLATE_NOT_FOUND',
      request_id: 'r1',
    });
  });

  it('lets no context replace the sentence or the code', () => {
    const error = new EdenError('INTERNAL', { error: 'mine', code: 'mine', request_id: 'mine' });
    expect(errorAnswer(error, 'r1').body).toEqual({
      error: 'Internal server error',
      code: 'INTERNAL',
      request_id: 'r1',
    });
  });

  it('says nothing of what was unexpected', () => {
    const unexpected = new Error('password authentication failed for postgresql://eden:hidden@db');
    expect(JSON.stringify(errorAnswer(toEdenError(unexpected), 'r1'))).not.toContain('hidden');
    expect(toEdenError('a string')).toMatchObject({ code: 'INTERNAL' });
  });
});

describe('an error in the middle of an answer', () => {
  it('cuts the answer off and stands in the log, without credentials', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const telemetry = createTelemetry({ service: 'test', level: 'warn', destination });
    const app = express().use(new ActiveRequests(telemetry).track);
    app.get('/', (_req, res) => {
      res.write('begun');
      throw new Error('lost postgresql://eden:hidden@db');
    });
    const server = app.use(errorHandler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect(answer.then((response) => response.text())).rejects.toThrow();
    expect(lines).toEqual([expect.stringContaining('lost postgresql://[redacted]@db')]);
    server.close();
    await once(server, 'close');
  });
});
