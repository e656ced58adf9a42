import { answer, endpoint } from '../endpoint.ts';
import { Problem } from '../problem.ts';
import { explainRefused, newUser, userShape } from '../shapes/user.ts';

export const addUser = endpoint({
  summary: 'Add a person',
  body: newUser,
  answers: { 201: userShape },
  refusals: { 409: 'There is a person of that name already.' },
  async handle({ body }, { db }) {
    if (!(await db.access.addUser(body).catch(explainRefused))) throw taken(body.name);
    return answer(201, { name: body.name, role: body.role });
  },
});

const taken = (name: string) =>
  new Problem(
    409,
    `There is a person ${name} already: change them with PATCH /v1/users/{name}, or choose another name.`,
  );
