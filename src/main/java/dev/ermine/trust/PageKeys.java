package dev.ermine.trust;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The ring of symmetric keys that page tokens are sealed with: the first one seals, each one opens.
 *
 * <p>All gateways behind one address have the same. To replace a key, each step at every gateway
 * before the next: the successor is added last; it is moved first; the old key is taken away when
 * {@link PageTokens#LIFETIME} has passed.
 *
 * <p>A key has to be replaced before it has sealed 2³² tokens, at all gateways together: every IV
 * is drawn at random, and beyond that number two may be alike too probably, which would give away
 * the two texts and let tokens be forged. At a thousand tokens a second that takes 49 days, so a
 * key that is replaced each month is safe at that rate.
 *
 * @see <a href="https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf">NIST
 *     SP 800-38D, 8.3: the number of invocations of GCM with one key</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-6.4">RFC 7518, 6.4: symmetric
 *     keys</a>
 */
public final class PageKeys {

  private static final int BITS = 256;
  private static final Set<Algorithm> ALGORITHMS =
      Set.of(JWEAlgorithm.DIR, EncryptionMethod.A256GCM);

  private final Path file;
  private final List<JWK> declared;
  private final PageKey first;
  private final Map<String, PageKey> byHeader = new LinkedHashMap<>();

  private PageKeys(Path file, List<JWK> declared, List<PageKey> keys) {
    this.file = file;
    this.declared = List.copyOf(declared);
    this.first = keys.getFirst();
    keys.forEach(key -> byHeader.put(key.header(), key));
  }

  /**
   * The keys of a file: a JWK Set of {@code oct} keys of 256 bits, each with a {@code kid}.
   *
   * @throws IllegalArgumentException when the file holds anything else; the message names it, and
   *     quotes nothing of it
   */
  public static PageKeys read(Path path) {
    JwkSetFile file = new JwkSetFile("page keys", path);
    List<JWK> declared = file.keys();
    List<PageKey> keys = declared.stream().map(key -> key(file, key)).toList();
    if (new HashSet<>(declared.stream().map(Jose::thumbprint).toList()).size() < keys.size()) {
      throw file.fault("holds one key under two names, which would not replace it");
    }
    return new PageKeys(path, declared, keys);
  }

  private static PageKey key(JwkSetFile file, JWK key) {
    if (!(key instanceof OctetSequenceKey secret) || secret.size() != BITS) {
      throw file.fault("holds a key that is not `oct` of exactly 256 bits");
    }
    if (!isForThis(key)) {
      throw file.fault("holds a key whose `use` is not `enc` or whose `alg` is not `A256GCM`");
    }
    return new PageKey(secret);
  }

  private static boolean isForThis(JWK key) {
    return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.ENCRYPTION))
        && (key.getAlgorithm() == null || ALGORITHMS.contains(key.getAlgorithm()));
  }

  /** The {@code kid} of each key, that of the one which seals first. */
  public List<String> ids() {
    return declared.stream().map(JWK::getKeyID).toList();
  }

  /** The one that seals. */
  PageKey first() {
    return first;
  }

  /** The one whose tokens begin so. */
  Optional<PageKey> withHeader(String header) {
    return Optional.ofNullable(byHeader.get(header));
  }

  /** Whether they are the same keys in the same order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PageKeys it && file.equals(it.file) && declared.equals(it.declared);
  }

  @Override
  public int hashCode() {
    return Objects.hash(file, declared);
  }

  /** The file, never a key. */
  @Override
  public String toString() {
    return "PageKeys[" + file + "]";
  }
}
