import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, defineConfig, type Plugin } from 'vite';
import { mendRecorderLibrary } from './cobrowse/recorder/library-edits.ts';

const repositoryDir = import.meta.dirname;
const clientDir = join(repositoryDir, 'client');
const recorderDir = join(repositoryDir, 'cobrowse', 'recorder');
/** Where `npm run dev` has the server. */
const DEV_SERVER = 'http://127.0.0.1:3000';

export default defineConfig(({ mode }) => ({
  // Unit tests stand beside sources of the whole repository, pages only in client/.
  root: mode === 'test' ? repositoryDir : clientDir,
  base: '/',
  cacheDir: join(repositoryDir, 'node_modules', '.vite'),
  appType: 'mpa',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  css: { modules: { localsConvention: 'camelCaseOnly', generateScopedName: '[local]_[hash:base64:5]' } },
  build: {
    outDir: join(repositoryDir, 'dist', 'client'),
    emptyOutDir: true,
    target: 'es2022',
    assetsDir: 'assets',
    // An inlined asset would be a data: URL, which the pages' content policy lets through for images alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: findPages() },
  },
  server: {
    proxy: {
      '/api': DEV_SERVER,
      '/recorder.js': DEV_SERVER,
      '/recorder-tools.js': DEV_SERVER,
      '/socket.io': { target: DEV_SERVER, ws: true },
    },
  },
  plugins: [hostPageScripts()],
}));

/** Every HTML file one folder below client/ is a page of its own. */
function findPages(): Record<string, string> {
  const pages = readdirSync(clientDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(clientDir, name)).map((file) => join(clientDir, name, file)))
    .filter((file) => file.endsWith('.html'));
  return Object.fromEntries(pages.map((page) => [relative(clientDir, page).replace(/\.html$/, ''), page]));
}

/** What runs in customers' pages, with what is said about it to whoever debugs there: nothing. */
const HOST_PAGE_SCRIPTS = [
  { fileName: 'embed.js', entry: join(clientDir, 'embed', 'embed.ts'), isSilent: false },
  { fileName: 'recorder.js', entry: join(recorderDir, 'main.ts'), isSilent: true },
  { fileName: 'recorder-tools.js', entry: join(recorderDir, 'tools', 'main.ts'), isSilent: true },
];

/** Where the sources of those scripts are. */
const HOST_PAGE_SOURCES = [join(clientDir, 'embed'), join(repositoryDir, 'cobrowse'), join(repositoryDir, 'protocol')];

/**
 * The scripts in customers' pages: each one classic file under a name that never changes, since the loader's is
 * written into other people's pages and the others are fetched by a loader of any age.
 */
function hostPageScripts(): Plugin {
  let outDir = '';
  let isStale = true;
  return {
    name: 'foyer-host-page-scripts',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    configureServer(server) {
      server.middlewares.use('/embed.js', (_request, response, next) => {
        server.transformRequest('/embed/embed.ts').then((result) => {
          response.setHeader('content-type', 'text/javascript');
          return response.end(result?.code);
        }, next);
      });
    },
    buildStart() {
      // No page imports them, so a watching build would not see them change.
      if (this.meta.watchMode) for (const file of HOST_PAGE_SOURCES.flatMap(listSources)) this.addWatchFile(file);
    },
    watchChange(file) {
      isStale ||= HOST_PAGE_SOURCES.some((folder) => file.startsWith(folder + sep));
    },
    async closeBundle() {
      if (!isStale) return;
      isStale = false;
      for (const { fileName, entry, isSilent } of HOST_PAGE_SCRIPTS) {
        if (!existsSync(entry)) continue;
        await build({
          configFile: false,
          root: clientDir,
          logLevel: 'warn',
          plugins: [mendRecorderLibrary(), ...(isSilent ? [silence()] : [])],
          build: {
            outDir,
            emptyOutDir: false,
            copyPublicDir: false,
            target: isSilent ? 'es2022' : 'es2020',
            minify: true,
            lib: { entry, formats: ['iife'], name: 'FoyerScript', fileName: () => fileName },
            rolldownOptions: isSilent
              ? { output: { minify: { compress: { dropConsole: true }, mangle: true, codegen: true } } }
              : {},
          },
        });
      }
    },
  };
}

/**
 * The library begins with calls into the page before anything of ours runs: what throws there ends the script alone, and
 * whoever waits for it is told.
 */
function silence(): Plugin {
  return {
    name: 'silence',
    generateBundle(_options, bundle) {
      const tell = "try{document.currentScript.foyerPort.postMessage({type:'failed',because:'script'})}catch{}";
      for (const file of Object.values(bundle))
        if (file.type === 'chunk') file.code = `try{${file.code}}catch{${tell}}`;
    },
  };
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
