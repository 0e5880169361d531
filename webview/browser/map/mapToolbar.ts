import { element, iconButton } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import { rovingFocus } from '../../shared/rovingFocus.ts';
import type { ColouredBy } from './mapState.ts';

export interface MapToolbarOptions {
  /** At first. */
  readonly colouredBy: ColouredBy;
  readonly colourBy: (by: ColouredBy) => void;
  readonly zoom: (steps: number) => void;
  readonly fit: () => void;
  /** A drag draws a line around memories from now on, or moves the map again. */
  readonly draw: (draws: boolean) => void;
  readonly chooseInSight: () => void;
}

/** The buttons above the map: whatever the pointer can do there can be done with them. */
export function mapToolbar(options: MapToolbarOptions): HTMLElement {
  const select = element(
    'select',
    { class: 'order', 'aria-label': l10n.t('Coloured by'), title: l10n.t('Coloured by') },
    element('option', { value: 'types' }, l10n.t('Coloured by type')),
    element('option', { value: 'agents' }, l10n.t('Coloured by agent')),
  );
  select.value = options.colouredBy;
  select.addEventListener('change', () => options.colourBy(select.value as ColouredBy));
  const draw = iconButton('pencil', l10n.t('Draw around memories to choose them (Shift+drag)'), () => {
    const draws = draw.getAttribute('aria-pressed') !== 'true';
    draw.setAttribute('aria-pressed', String(draws));
    options.draw(draws);
  });
  draw.setAttribute('aria-pressed', 'false');
  const buttons = element(
    'div',
    { class: 'map-buttons', role: 'toolbar', 'aria-label': l10n.t('Map') },
    draw,
    iconButton('filter', l10n.t('Choose what is in sight'), options.chooseInSight),
    iconButton('zoom-in', l10n.t('Zoom in (+)'), () => options.zoom(1)),
    iconButton('zoom-out', l10n.t('Zoom out (−)'), () => options.zoom(-1)),
    iconButton('screen-full', l10n.t('Show all (0)'), options.fit),
  );
  rovingFocus(buttons, 'button');
  return element('div', { class: 'map-toolbar' }, select, buttons);
}
