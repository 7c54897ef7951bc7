package dev.ermine.sandbox;

import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.Lookup;
import dev.ermine.region.Region.Search;
import java.net.URI;
import java.time.Duration;

/** A peer region of the sandbox: how its record is asked, and how it writes what it answers. */
public enum PeerRegion {
  LONDON(8451, Lookup.TWO_STEP, Search.POST, true, Algorithm.ES256, 40, Style.COMPACT),
  ESSEX_SUFFOLK(8452, Lookup.TWO_STEP, Search.POST, true, Algorithm.ES256, 60, Style.PRETTY),
  GREATER_MANCHESTER(8453, Lookup.CHAINED, Search.POST, true, Algorithm.PS256, 90, Style.COMPACT),
  YORKSHIRE_HUMBER(8454, Lookup.TWO_STEP, Search.GET, true, Algorithm.ES256, 120, Style.PRETTY),
  WESSEX(8455, Lookup.TWO_STEP, Search.POST, true, Algorithm.ES256, 150, Style.COMPACT),
  THAMES_VALLEY_SURREY(
      8456, Lookup.TWO_STEP, Search.POST, false, Algorithm.ES384, 70, Style.COMPACT),
  LANCASHIRE_SOUTH_CUMBRIA(
      8457, Lookup.IDENTIFIER, Search.POST, true, Algorithm.RS384, 110, Style.ESCAPED);

  /** How a region writes JSON: the gateway must pass any of it on as it came. */
  enum Style {
    COMPACT,
    /** Indented. */
    PRETTY,
    /** Everything beyond ASCII as a backslash-u escape. */
    ESCAPED
  }

  private final int usualPort;
  private final Lookup lookup;
  private final Search search;
  private final boolean read;
  private final Algorithm algorithm;
  private final Duration latency;
  private final Style style;

  PeerRegion(
      int usualPort,
      Lookup lookup,
      Search search,
      boolean read,
      Algorithm algorithm,
      int millis,
      Style style) {
    this.usualPort = usualPort;
    this.lookup = lookup;
    this.search = search;
    this.read = read;
    this.algorithm = algorithm;
    this.latency = Duration.ofMillis(millis);
    this.style = style;
  }

  /** Its id in {@code regions.yaml}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** The port that the top-level {@code regions.yaml} has for it. */
  public int usualPort() {
    return usualPort;
  }

  /** The algorithm that it demands of the gateway's tokens. */
  public JWSAlgorithm algorithm() {
    return JWSAlgorithm.parse(algorithm.code());
  }

  /** Its FHIR base when it listens on {@code port}. */
  public static URI base(int port) {
    return URI.create("https://localhost:" + port + "/fhir");
  }

  Lookup lookup() {
    return lookup;
  }

  Search search() {
    return search;
  }

  boolean read() {
    return read;
  }

  Duration latency() {
    return latency;
  }

  Style style() {
    return style;
  }
}
