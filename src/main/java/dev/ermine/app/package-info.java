/** Configuration, the only producers, start-up checks. */
@NullMarked
package dev.ermine.app;

import org.jspecify.annotations.NullMarked;
