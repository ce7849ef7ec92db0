async (vector, base = '') => {
  // Runs one vector of Im.Tests/Client/vectors against the SDK and returns complaints. The file is one function, for the browser to evaluate.
  const { ImClient, MemoryKeeper } = await import(`${base}/js/sdk/index.js`);
  const wanted = { app: 101, user: 'alice', device: 'device-0001', platform: 'web', random: 0.5, cursors: {}, queue: [], ...vector.client };
  const complaints = [];

  const clock = {
    time: 1_000_000,
    timers: [],
    now: () => clock.time,
    after: (ms, act) => {
      const timer = { at: clock.time + ms, act };
      clock.timers.push(timer);
      return timer;
    },
    cancel: timer => { clock.timers = clock.timers.filter(other => other !== timer); },
  };
  const settle = async () => {
    for (let i = 0; i < 60; i++) await Promise.resolve();
    await new Promise(resolve => { const channel = new MessageChannel(); channel.port1.onmessage = () => { channel.port1.close(); resolve(); }; channel.port2.postMessage(0); });
  };
  const pass = async ms => {
    const until = clock.time + ms;
    for (;;) {
      const next = clock.timers.filter(timer => timer.at <= until).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      clock.time = Math.max(clock.time, next.at);
      clock.cancel(next);
      next.act();
      await settle();
    }
    clock.time = until;
  };

  let socket = null;
  let happened;
  const unanswered = [];
  const acked = {};
  const skipped = {};
  const anew = () => { happened = { sent: [], applied: [], done: [], connects: 0, heads: [] }; };
  anew();
  class Socket {
    bufferedAmount = 0;

    constructor() {
      socket = this;
      happened.connects++;
    }

    send(text) {
      const frame = JSON.parse(text);
      if (frame.seq) unanswered.push(frame);
      if (frame.cmd === 'ack') {
        for (const [conv, mseq] of Object.entries(frame.data.acks ?? {})) acked[conv] = Math.max(acked[conv] ?? 0, mseq);
        for (const [conv, mseq] of Object.entries(frame.data.skip ?? {})) skipped[conv] = Math.max(skipped[conv] ?? 0, mseq);
      } else if (frame.cmd === 'heartbeat') happened.heads.push(frame.data.heads ?? {});
      else happened.sent.push(frame);
    }

    close() {}
  }

  class Kept extends MemoryKeeper {
    async load() {
      return wanted.queue.map((entry, index) => ({ type: 'text', madeAt: clock.time + index, ...entry }));
    }
  }
  const client = new ImClient({
    url: 'ws://vector/acc', app: wanted.app, user: wanted.user, device: wanted.device, platform: wanted.platform,
    cursors: wanted.cursors, keeper: new Kept(), webSocket: () => new Socket(), clock, random: () => wanted.random,
  });
  const gaps = {};
  const resets = new Set();
  client.on('gap', ({ conv, from, to }) => { gaps[conv] = [gaps[conv]?.[0] ?? from, to]; });
  client.on('reset', ({ conv }) => resets.add(conv));
  client.on('record', record => {
    const { conv } = record;
    happened.applied.push({ ...record, ...(gaps[conv] && { gap: gaps[conv] }), ...(resets.delete(conv) && { reset: true }) });
    delete gaps[conv];
  });
  client.on('sent', ({ cid }, { mseq }) => happened.done.push({ cid, mseq }));
  client.on('failed', ({ cid }, { code }) => happened.done.push({ cid, code }));
  const tell = promise => promise.catch(() => {});

  const reply = (frame, code, data) => {
    unanswered.splice(unanswered.indexOf(frame), 1);
    socket.onmessage({ data: JSON.stringify({ seq: frame.seq, cmd: frame.cmd, response: { code, codeMsg: '', data } }) });
  };
  const oldest = (cmd, cid) => unanswered.find(frame => frame.cmd === cmd && (cid === undefined || frame.data.cid === cid));
  const drop = () => { unanswered.length = 0; };
  const acts = {
    connect: how => {
      drop();
      if (how === 'ok') socket.onopen({});
      else socket.onclose({ code: 1006, reason: '' });
    },
    login: data => reply(oldest('login'), 200, {
      user: wanted.user, session: 's1', ts: 1000, hb: { firstMs: 3_600_000, intervalMs: 3_600_000, timeoutMs: 7_200_000 },
      limits: { frame: 65_536, text: 16_384 }, convs: [], ...data,
    }),
    refuse: ({ code, data }) => reply(oldest('login'), code, data ?? null),
    reply: ({ cmd, cid, code = 200, data = null }) => reply(oldest(cmd, cid), code, data),
    push: ({ cmd, data, count = 1 }) => {
      for (let i = 0; i < count; i++) {
        const copy = { ...data, ...(data.mseq && { mseq: data.mseq + i }) };
        socket.onmessage({ data: JSON.stringify({ seq: data.mid ?? 'm', cmd, response: { code: 200, codeMsg: 'Ok', data: copy } }) });
      }
    },
    wait: pass,
    close: code => {
      drop();
      socket.onclose({ code, reason: '' });
    },
    call: ({ do: what, times, ...args }) => {
      if (what === 'send') for (let i = 1; i <= (times ?? 1); i++) client.send({ ...args, cid: times ? `${args.cid}${i}` : args.cid });
      else if (what === 'ephemeral') tell(client.sendEphemeral(args));
      else if (what === 'join') client.join(args.conv);
      else if (what === 'leave') client.leave(args.conv);
      else {
        const change = what === 'edit' ? client.edit(args.conv, args.mseq, args.msg, args.cid) : client.recall(args.conv, args.mseq, args.cid);
        change.then(({ mseq }) => happened.done.push({ cid: args.cid, mseq }), ({ code }) => happened.done.push({ cid: args.cid, code }));
      }
    },
  };

  const matches = (expected, actual) => {
    if (Array.isArray(expected)) return Array.isArray(actual) && expected.length === actual.length && expected.every((each, index) => matches(each, actual[index]));
    if (expected === null || typeof expected !== 'object') return expected === actual;
    return actual !== null && typeof actual === 'object' && Object.entries(expected).every(([key, value]) => matches(value, actual[key]));
  };
  const unfold = (list, grows) => (list ?? []).flatMap(({ count = 1, ...first }) =>
    Array.from({ length: count }, (_, index) => (index === 0 ? first : grows ? { ...first, mseq: first.mseq + index } : { cmd: first.cmd })));
  const stateOf = {
    idle: () => 'connecting', connecting: () => (everLost ? 'reconnecting' : 'connecting'), login: () => (everLost ? 'reconnecting' : 'connecting'),
    online: () => 'online', waiting: () => 'offline', stopped: () => 'stopped',
  };
  let everLost = false;
  client.on('state', ({ phase }) => { everLost ||= phase === 'waiting' || phase === 'online'; });

  client.connect();
  await settle();
  for (const [index, step] of vector.steps.entries()) {
    anew();
    const act = Object.keys(acts).find(name => name in step);
    const complain = (what, expected, actual) => complaints.push(`${vector.name}, step ${index + 1} (${act}): ${what} should be ${JSON.stringify(expected)}, is ${JSON.stringify(actual)}`);
    try {
      await acts[act](step[act]);
    } catch (error) {
      complaints.push(`${vector.name}, step ${index + 1} (${act}): ${error}`);
    }
    await settle();
    const compare = (what, expected) => { if (!matches(expected, happened[what])) complain(what, expected, happened[what]); };
    const sort = list => [...list].sort((one, other) => (one.cid < other.cid ? -1 : 1));
    happened.done = sort(happened.done);
    compare('sent', unfold(step.sent));
    compare('applied', unfold(step.applied, true));
    compare('done', sort(step.done ?? []));
    if ((step.connects ?? 0) !== happened.connects) complain('connects', step.connects ?? 0, happened.connects);
    if (step.heads) compare('heads', step.heads);
    if (step.state && step.state !== stateOf[client.state.phase]()) complain('state', step.state, stateOf[client.state.phase]());
    for (const [what, actual] of Object.entries({ acked, skipped })) {
      if (step[what] && !(matches(step[what], actual) && matches(actual, step[what]))) complain(what, step[what], actual);
    }
  }
  return complaints;
}
