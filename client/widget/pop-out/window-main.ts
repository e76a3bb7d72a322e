import '../../ui/base.css';
import '../widget.css';
import './window.css';
import { chooseLanguage, setLanguage } from '../../ui/language.ts';
import { openWindowPage } from './window-page.ts';
import { sayWindow } from './window-texts.ts';

const parameters = new URLSearchParams(location.search);
setLanguage(chooseLanguage([parameters.get('language') ?? navigator.language]));
document.title = sayWindow('title');

const root = document.getElementById('widget');
if (root !== null) openWindowPage(root, parameters.get('site') ?? '');
