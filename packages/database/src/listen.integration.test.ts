import { expect, it } from '@jest/globals';
import { startTcpProxy } from '@eden/testkit';
import { ControlHosts } from './control-hosts.js';
import { createNotifications } from './listen.js';
import { newControl } from './testing/control.js';

it('notifications end, also when the control database says nothing any more', async () => {
  const { url } = await newControl();
  const proxy = await startTcpProxy(Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(proxy.port);
  const notifications = createNotifications(new ControlHosts(through.toString()));
  await new Promise<void>((resolve) => notifications.on('eden_gate', () => resolve()));
  proxy.pause();
  await expect(notifications.close()).resolves.toBeUndefined();
});
