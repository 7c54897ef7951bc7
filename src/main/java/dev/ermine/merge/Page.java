package dev.ermine.merge;

import dev.ermine.merge.order.Cursor;
import java.util.Optional;

/**
 * One page of a view.
 *
 * @param merged what stands on it; its account, total and audit speak of what they spoke of before
 * @param last where its last match stands, when more are to come
 */
public record Page(Merged merged, Optional<Cursor> last) {}
