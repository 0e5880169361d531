import { browserProtocol } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { Client } from '../shared/client.ts';
import { Browser } from './browser.ts';
import '../shared/shared.css';
import './browser.css';
import './detail/detail.css';
import './map/map.css';

const browser = new Browser(new Client(browserProtocol));
document.getElementById('page')!.append(browser.element);
browser.start();
