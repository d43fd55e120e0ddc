/** The bundler writes stylesheets into a file of their own; to the program they are nothing. */
declare module '*.css';
