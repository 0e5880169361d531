import { openApiDocument } from '../surfaces/rest/openApi/openApiDocument.ts';

/** The document that `GET /openapi.json` answers, as a file. */
export function openApi(version: string): string {
  return `${JSON.stringify(openApiDocument(version), null, 2)}\n`;
}
