interface Place {
  readonly when?: string;
  readonly group: string;
}

/**
 * As a button of a row, and in the row's menu: who has no pointer reaches the menu alone, and the editor shows no button there.
 * @param button place among the buttons, 1 first @param group in the menu, with its place
 */
export function rowPlaces(
  when: string,
  button: number,
  group: string,
): Readonly<Record<string, readonly Place[]>> {
  return {
    'view/item/context': [
      { group: `inline@${button}`, when },
      { group, when },
    ],
  };
}

/** Where a command of the editor is offered. */
export interface EditorCommand {
  /** Without the prefix `memoryCentral.`. */
  readonly id: string;
  readonly title: string;
  readonly icon?: string;
  /** In the palette: when; absent: always; `false`: it needs a memory to work on. */
  readonly palette?: string;
  readonly menus?: Readonly<Record<string, Place | readonly Place[]>>;
}
