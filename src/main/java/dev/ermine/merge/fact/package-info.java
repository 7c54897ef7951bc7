/**
 * What entries of several regions say of the same thing: which of them record one fact, and where
 * they contradict each other. Nothing here adds, alters or takes away an entry.
 */
@NullMarked
package dev.ermine.merge.fact;

import org.jspecify.annotations.NullMarked;
