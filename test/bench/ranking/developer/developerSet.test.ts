import assert from 'node:assert/strict';
import {
  loadDeveloperSet,
  readPackages,
  readQuestions,
} from '../../../../bench/ranking/developer/developerQuestions.ts';

const PERMISSIVE = ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'BlueOak-1.0.0'];

describe('the set of developers’ questions', function () {
  // The first time, the packages are fetched.
  this.timeout(300_000);
  const packages = readPackages();
  const questions = readQuestions();
  const halves = (['tuned', 'untouched'] as const).map(split => ({
    names: packages.filter(one => one.split === split).map(one => one.name),
    split,
  }));

  it('pins packages of permissive licences, byte for byte', () => {
    for (const { name, version, license, integrity } of packages) {
      assert.ok(PERMISSIVE.includes(license), `${name} is under ${license}`);
      assert.match(version, /^\d+\.\d+\.\d+$/);
      assert.match(integrity, /^sha512-[A-Za-z0-9+/]{86}==$/);
    }
    assert.equal(new Set(packages.map(one => one.name)).size, packages.length);
  });

  it('has at least 100 questions, 50 in each half, of several packages, and of every kind', () => {
    assert.ok(questions.length >= 100);
    for (const { names, split } of halves) {
      const asked = questions.filter(one => names.includes(one.package));
      assert.ok(asked.length >= 50, `${asked.length} questions ${split}`);
      assert.deepEqual(new Set(asked.map(one => one.package)), new Set(names));
      assert.deepEqual([...new Set(asked.map(one => one.kind))].sort(), [
        'concept',
        'error',
        'identifier',
        'symptom',
      ]);
    }
  });

  it('asks nothing twice', () => {
    const plain = questions.map(one => one.question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' '));
    assert.deepEqual(
      plain.filter((text, i) => plain.indexOf(text) !== i),
      [],
    );
  });

  it('names places that exist, each once, and one in the package asked about', () => {
    // Fails at a place that no chunk holds.
    const { corpus, questions: asked } = loadDeveloperSet();
    const ids = new Set(corpus.map(chunk => chunk.id));
    assert.equal(ids.size, corpus.length);
    for (const [i, { question, evidence }] of asked.entries()) {
      const own = evidence.filter(id => id.startsWith(`${questions[i]!.package}/`));
      assert.ok(own.length > 0, `nothing in its package answers: ${question}`);
      assert.ok(evidence.every(id => ids.has(id)));
      assert.equal(new Set(questions[i]!.evidence).size, questions[i]!.evidence.length, question);
    }
  });

  it('cuts each file into chunks that do not overlap', () => {
    const { corpus } = loadDeveloperSet();
    for (const [i, { path, startLine, endLine }] of corpus.entries()) {
      assert.ok(startLine <= endLine);
      const next = corpus[i + 1];
      if (next?.path === path) assert.ok(next.startLine > endLine, `${path}:${next.startLine}`);
    }
  });
});
