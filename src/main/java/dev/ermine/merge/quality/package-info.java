/**
 * What is wrong with entries as regions send them, as far as each tells by itself. Nothing here
 * mends an entry or leaves it out.
 */
@NullMarked
package dev.ermine.merge.quality;

import org.jspecify.annotations.NullMarked;
