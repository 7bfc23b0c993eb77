/** The driver over HTTP: every call checked by its schema, every refusal with its path. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Methods } from '../api/routes.ts';
import type { Sockets } from '../delivery/sockets.ts';
import type { World } from '../world.ts';
import { channel, faults, people, usergroup } from './changing.ts';
import { eventStream } from './event-stream.ts';
import { close, submit } from './modals.ts';
import { appMessage } from './other-apps.ts';
import { calls, home, messages, view, workspace } from './reading.ts';
import { notThere, Refusal, wrong } from './refusal.ts';
import * as schemas from './schemas.ts';
import { command, say, shortcut, upload } from './speaking.ts';
import { action, suggest } from './using.ts';

export function driver(world: World, methods: Methods, sockets: Sockets | undefined) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler(answerError);
    const post = <S extends z.ZodType>(path: string, schema: S, run: (call: z.infer<S>) => unknown): void => {
      server.post(`/driver/${path}`, async (request) => run(checked(schema, request.body)));
    };
    const get = <S extends z.ZodType>(path: string, schema: S, run: (query: z.infer<S>) => unknown): void => {
      server.get(`/driver/${path}`, async (request) => run(checked(schema, request.query)));
    };
    server.get('/driver/workspace', async () => workspace(world));
    get('messages', schemas.messages, (query) => messages(world, query));
    get('view', schemas.ofPerson, ({ user }) => view(world, user));
    get('home', schemas.home, (query) => home(world, query));
    get('calls', schemas.calls, (query) => calls(world, query));
    get('deliveries', schemas.since, ({ since }) => ({ deliveries: world.deliveries.since(since) }));
    post('command', schemas.command, (call) => command(world, call));
    post('say', schemas.say, (call) => say(world, call));
    post('upload', schemas.upload, (call) => upload(world, call));
    post('action', schemas.action, (call) => action(world, call));
    post('suggest', schemas.suggest, (call) => suggest(world, call));
    post('submit', schemas.submit, (call) => submit(world, call));
    post('close', schemas.close, (call) => close(world, call));
    post('shortcut', schemas.shortcut, (call) => shortcut(world, call));
    post('app-message', schemas.appMessage, (call) => appMessage(world, call));
    post('channel', schemas.channel, (call) => channel(world, call));
    post('people', schemas.people, (call) => people(world, call));
    post('usergroup', schemas.usergroup, (call) => usergroup(world, call));
    post('faults', schemas.faults, (call) => faults(world, methods, sockets, call));
    server.get('/driver/*', async (request) => {
      throw notThere(`The driver has no ${request.url}.`, '');
    });
    server.get('/driver/stream', (request: FastifyRequest, reply: FastifyReply) =>
      eventStream(world, request, reply, checked(schemas.stream, request.query).since),
    );
  };
}

function checked<S extends z.ZodType>(schema: S, given: unknown): z.infer<S> {
  const read = schema.safeParse(given ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  throw wrong(issue?.message ?? 'is wrong', [...(issue?.path ?? []), ...keys].join('.'));
}

function answerError(error: FastifyError | Error, _request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof Refusal) {
    reply.code(error.status).send({ ok: false, error: error.message, path: error.path });
    return;
  }
  const status = 'statusCode' in error && error.statusCode !== undefined ? error.statusCode : 500;
  reply.code(status).send({ ok: false, error: error.message, path: '' });
}
