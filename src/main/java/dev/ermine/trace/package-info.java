/** The spans of the gateway: what is told of each piece of work, and to whom it belongs. */
@NullMarked
package dev.ermine.trace;

import org.jspecify.annotations.NullMarked;
