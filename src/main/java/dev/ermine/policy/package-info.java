/**
 * May this be shared? Question in, Decision out, with the ids of the rules that said so. Default is
 * deny; a rule that denies never creates a permit.
 */
@NullMarked
package dev.ermine.policy;

import org.jspecify.annotations.NullMarked;
