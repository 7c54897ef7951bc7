/** The spine: who may be asked, ask them, keep what may be shared, merge, account, audit. */
@NullMarked
package dev.ermine.federation;

import org.jspecify.annotations.NullMarked;
