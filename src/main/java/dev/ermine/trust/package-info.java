/**
 * Who is asking? Certificate and token in, {@link dev.ermine.trust.Requester} out; and who we are,
 * to the peers we ask. The only floor that knows JOSE.
 */
@NullMarked
package dev.ermine.trust;

import org.jspecify.annotations.NullMarked;
