package dev.ermine.region;

import java.util.Optional;

/**
 * Where a region's Consents are found.
 *
 * @param order when they are asked for
 * @param register the region's register of objections, asked like a record that holds Consents
 *     alone; empty: its own record holds them
 */
public record ConsentSource(Order order, Optional<Region.Answers> register) {

  /** When Consents are asked for. */
  public enum Order {
    /** Ahead of the searches: a record that may not be seen is not asked for. */
    ASK_FIRST,
    /** At the same time. */
    BESIDE
  }
}
