import { type EditorCommand, rowPlaces } from './editorCommand.ts';

const VIEW = 'view == memoryCentral.review';
const TRUSTED = 'isWorkspaceTrusted';
const MEMORY = `${VIEW} && viewItem =~ /^review\\.(new|changed)$/`;
const SET = `${VIEW} && viewItem == review.set`;

const row = (group: string, when: string) => ({ 'view/item/context': { group, when } });

/** A button of a memory and of a whole session, whose menu says that it is all of it. */
const decision = (button: number) => ({
  'view/item/context': [
    { group: `inline@${button}`, when: `${VIEW} && viewItem =~ /^review\\./ && ${TRUSTED}` },
    { group: `2_review@${5 - button}`, when: `${MEMORY} && ${TRUSTED}` },
  ],
});

/** What is done in the view "Review". */
export const reviewCommands: readonly EditorCommand[] = [
  {
    id: 'openReview',
    title: 'Open Changes',
    icon: '$(compare-changes)',
    palette: 'false',
    menus: row('1_open@1', MEMORY),
  },
  {
    id: 'editReview',
    title: 'Edit',
    icon: '$(edit)',
    palette: 'false',
    menus: rowPlaces(`${MEMORY} && ${TRUSTED}`, 1, '1_open@2'),
  },
  {
    id: 'rejectReview',
    title: 'Reject',
    icon: '$(close)',
    palette: 'false',
    menus: decision(2),
  },
  {
    id: 'acceptReview',
    title: 'Accept',
    icon: '$(check)',
    palette: 'false',
    menus: decision(3),
  },
  {
    id: 'acceptSession',
    title: 'Accept All from This Session',
    icon: '$(check-all)',
    palette: 'false',
    menus: row('1_review@1', `${SET} && ${TRUSTED}`),
  },
  {
    id: 'rejectSession',
    title: 'Reject All from This Session',
    icon: '$(discard)',
    palette: 'false',
    menus: row('1_review@2', `${SET} && ${TRUSTED}`),
  },
  {
    id: 'acceptAllReviews',
    title: 'Accept All Memories That Wait for Review…',
    icon: '$(check-all)',
    palette: TRUSTED,
    menus: { 'view/title': { group: '1_review@1', when: `${VIEW} && ${TRUSTED}` } },
  },
  {
    id: 'rejectAllReviews',
    title: 'Reject All Memories That Wait for Review…',
    icon: '$(discard)',
    palette: TRUSTED,
    menus: { 'view/title': { group: '1_review@2', when: `${VIEW} && ${TRUSTED}` } },
  },
  {
    id: 'refreshReview',
    title: 'Refresh Review',
    icon: '$(refresh)',
    palette: 'false',
    menus: { 'view/title': { group: 'navigation@1', when: VIEW } },
  },
];
