/** Documents on their way from a region to an asker: how much of them, and how they end. */
@NullMarked
package dev.ermine.merge.document;

import org.jspecify.annotations.NullMarked;
