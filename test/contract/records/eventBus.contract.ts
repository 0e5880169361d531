import assert from 'node:assert/strict';
import type { BusEvent, LoggedEvent } from '../../../src/engine/ports/eventBus.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { until } from '../../fixtures/until.ts';
import { refuses } from './refuses.ts';

const events: readonly BusEvent[] = [
  { type: 'model_updated', node: 'spark-1', model: 'llama3:70b' },
  { type: 'training_complete', model: 'intent', accuracy: 0.9375 },
  { type: 'node_status', node: 'naïve 🦊', status: 'offline' },
];

/** What every EventBus must do. */
export function eventBusContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is an EventBus`, () => {
    it('keeps every event, in order, for whoever asks', async () => {
      await using opened = await open();
      const bus = opened.records.events;
      assert.deepEqual(await bus.since(undefined, 10), []);
      const start = await bus.position();
      const ids: string[] = [];
      for (const event of events) ids.push(await bus.publish(event));
      const kept = await opened.others.events.since(start, 10);
      assert.deepEqual(
        kept.map(({ event }) => event),
        events,
      );
      assert.deepEqual(
        kept.map(({ id }) => id),
        ids,
      );
      assert.ok(kept.every(({ at }) => at > 0));
      assert.deepEqual(await bus.since(undefined, 2), kept.slice(0, 2));
      assert.deepEqual(await bus.newest(2), kept.slice(1));
      assert.deepEqual(await bus.since(ids[0], 10), kept.slice(1));
      assert.equal(await bus.position(), ids[2]);
    });

    it('tells a listener what another process publishes, from its position on', async () => {
      await using opened = await open();
      const bus = opened.others.events;
      await bus.publish(events[0]!);
      const position = await bus.position();
      await bus.publish(events[1]!);
      const heard: LoggedEvent[] = [];
      using _listener = opened.records.events.listen(position, event => heard.push(event));
      await until(() => heard.length === 1);
      await bus.publish(events[2]!);
      await until(() => heard.length === 2);
      assert.deepEqual(heard, await bus.since(position, 10));
    });

    it('tells each of many events once, in order', async () => {
      await using opened = await open();
      const heard: string[] = [];
      const start = await opened.records.events.position();
      using _listener = opened.records.events.listen(start, ({ id }) => heard.push(id));
      const publish = (from: OpenRecords['records'], model: string) =>
        from.events.publish({ type: 'model_updated', node: 'n', model });
      const published = await Promise.all(
        Array.from({ length: 200 }, (_, i) => publish(i % 2 ? opened.records : opened.others, `${i}`)),
      );
      await until(() => heard.length >= 200);
      const kept = (await opened.records.events.since(start, 1000)).map(({ id }) => id);
      assert.deepEqual(heard, kept);
      assert.deepEqual(new Set(heard), new Set(published));
    });

    it('tells a listener all that it missed, also thousands', async () => {
      await using opened = await open();
      const bus = opened.records.events;
      const publish = (_: unknown, i: number) =>
        bus.publish({ type: 'node_status', node: `${i}`, status: 'online' });
      const published = await Promise.all(Array.from({ length: 2_500 }, publish));
      const heard: string[] = [];
      using _listener = opened.others.events.listen(published[0]!, ({ id }) => heard.push(id));
      await until(() => heard.length >= 2_499);
      assert.deepEqual(heard, published.slice(1));
    });

    it('is silent once it is disposed of, also by the listener itself', async () => {
      await using opened = await open();
      const bus = opened.records.events;
      const start = await bus.position();
      for (const event of events) await bus.publish(event);
      const [one, all]: [BusEvent[], BusEvent[]] = [[], []];
      const listener = bus.listen(start, ({ event }) => {
        one.push(event);
        listener[Symbol.dispose]();
      });
      using _all = bus.listen(start, ({ event }) => all.push(event));
      await until(() => all.length === 3 && one.length > 0);
      await bus.publish(events[0]!);
      await until(() => all.length === 4);
      assert.deepEqual(one, [events[0]]);
    });

    it('goes on when a listener fails', async () => {
      await using opened = await open();
      const bus = opened.records.events;
      const start = await bus.position();
      const failing: BusEvent[] = [];
      using _failing = bus.listen(start, ({ event }) => {
        failing.push(event);
        throw new Error('the listener is broken');
      });
      for (const event of events) await bus.publish(event);
      await until(() => failing.length === 3);
      assert.deepEqual(failing, events);
    });

    it('refuses what it could not return', async () => {
      await using opened = await open();
      const bus = opened.records.events;
      await refuses(
        'invalid_input',
        bus.publish({ type: 'training_complete', model: 'a', accuracy: Number.NaN }),
      );
      await refuses('invalid_input', bus.publish({ type: 'node_status', node: 'a', status: 'half \ud800' }));
      for (const id of ['no id', '99999999999999999999-0', '18446744073709551615-0', `1${'0'.repeat(40)}`])
        await refuses('invalid_input', bus.since(id, 10));
      assert.throws(() => bus.listen('no id', () => {}), /no id/);
      assert.deepEqual(await bus.since(undefined, 10), []);
    });
  });
}
