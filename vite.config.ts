import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, defineConfig, type Plugin } from 'vite';

const repositoryDir = import.meta.dirname;
const clientDir = join(repositoryDir, 'client');
const embedEntry = join(clientDir, 'embed', 'embed.ts');
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
    proxy: { '/api': DEV_SERVER, '/socket.io': { target: DEV_SERVER, ws: true } },
  },
  plugins: [embedLoader()],
}));

/** Every HTML file one folder below client/ is a page of its own. */
function findPages(): Record<string, string> {
  const pages = readdirSync(clientDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(clientDir, name)).map((file) => join(clientDir, name, file)))
    .filter((file) => file.endsWith('.html'));
  return Object.fromEntries(pages.map((page) => [relative(clientDir, page).replace(/\.html$/, ''), page]));
}

/**
 * The loader on the customer's page: one classic script under a name that never changes, since it is written into
 * other people's pages.
 */
function embedLoader(): Plugin {
  let outDir = '';
  return {
    name: 'foyer-embed-loader',
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
    async closeBundle() {
      if (this.meta.watchMode || !existsSync(embedEntry)) return;
      await build({
        configFile: false,
        root: clientDir,
        logLevel: 'warn',
        build: {
          outDir,
          emptyOutDir: false,
          copyPublicDir: false,
          target: 'es2020',
          minify: true,
          lib: { entry: embedEntry, formats: ['iife'], name: 'FoyerLoader', fileName: () => 'embed.js' },
        },
      });
    },
  };
}
