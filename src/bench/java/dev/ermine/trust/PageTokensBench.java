package dev.ermine.trust;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ermine.testing.PageRing;
import dev.ermine.trust.PageTokens.Opened;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;

/**
 * What a page token of a search over 42 regions costs to seal and to open, beside the bare
 * AES-GCM of as many bytes.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PageTokensBench {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant EXPIRES = NOW.plus(PageTokens.LIFETIME);
  private static final Map<String, Object> CLAIMS = PageTokensTest.typical();

  private final OctetSequenceKey key = PageRing.key("pages-2026-11-21");
  private final PageKeys ring = PageRing.of(key);
  private final PageTokens tokens = new PageTokens(() -> ring);
  private final String token = tokens.seal(CLAIMS, EXPIRES).orElseThrow();
  private final byte[] text = new byte[ring.first().room(token.length())];
  private final SecureRandom random = new SecureRandom();

  @Benchmark
  public Optional<String> seal() {
    return tokens.seal(CLAIMS, EXPIRES);
  }

  @Benchmark
  public Opened open() {
    Opened opened = tokens.open(token, NOW);
    if (opened instanceof Opened.Gone) {
      throw new IllegalStateException("it is good");
    }
    return opened;
  }

  @Benchmark
  public byte[] bareAesGcm() throws GeneralSecurityException {
    byte[] iv = new byte[12];
    random.nextBytes(iv);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key.toSecretKey("AES"), new GCMParameterSpec(128, iv));
    return cipher.doFinal(text);
  }
}
