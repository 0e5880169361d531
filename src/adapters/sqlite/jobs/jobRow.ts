import { readProgress } from '../../../engine/jobs/jobRules.ts';
import type { JobData, JobRecord, JobState } from '../../../engine/ports/jobQueue.ts';
import type { Row } from '../driver.ts';

/** @param now ms */
export function toRecord(row: Row, now: number): JobRecord {
  const waits = row['state'] === 'waiting';
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    payload: readData(row['payload']) ?? {},
    state: waits && (row['due_at'] as number) > now ? 'delayed' : (row['state'] as JobState),
    progress: readProgress(readData(row['progress'])),
    attempts: row['starts'] as number,
    result: readData(row['result']),
    problem: row['problem'] as string | null,
    createdAt: row['created_at'] as number,
    dueAt: waits ? (row['due_at'] as number) : null,
    startedAt: row['started_at'] as number | null,
    finishedAt: row['finished_at'] as number | null,
  };
}

export function readData(text: unknown): JobData | null {
  return typeof text === 'string' ? (JSON.parse(text) as JobData) : null;
}
