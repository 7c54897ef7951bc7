/**
 * The outbound edge: one client per region and event loop, every wait finite, every byte counted.
 * Everything a peer says is hostile until checked.
 */
@NullMarked
package dev.ermine.peer;

import org.jspecify.annotations.NullMarked;
