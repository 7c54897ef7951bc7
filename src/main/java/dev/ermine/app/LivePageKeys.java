package dev.ermine.app;

import dev.ermine.trust.PageKeys;
import java.time.InstantSource;

/** The keys of page tokens while the gateway runs. */
final class LivePageKeys extends Live<PageKeys> {

  /**
   * @param first what a reading of the same file gave at start
   */
  LivePageKeys(PageKeyFile file, PageKeys first, InstantSource clock) {
    super(file, first, clock);
  }
}
