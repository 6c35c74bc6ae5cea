import './design/tokens.css';
import './design/base.css';
import './design/shell.css';
import './design/parts.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { Session } from './session/session.js';

const place = document.getElementById('page');
if (place === null) throw new TypeError('index.html has no place for the page');

createRoot(place).render(
  <StrictMode>
    <App session={new Session()} />
  </StrictMode>,
);
