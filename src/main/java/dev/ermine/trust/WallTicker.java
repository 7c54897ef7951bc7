package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * A cache's time by the clock on the wall, by which tokens expire: what a cache holds and what a
 * token says can then never disagree.
 */
record WallTicker(InstantSource clock) implements Ticker {

  @Override
  public long read() {
    return TimeUnit.MILLISECONDS.toNanos(clock.millis());
  }
}
