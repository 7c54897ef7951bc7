package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.conscrypt.Conscrypt;

/**
 * {@code ES256} and {@code ES384} by BoringSSL, through Conscrypt: in a fraction of the JDK's time,
 * which is left to do it where that library does not load. Nothing else is done by it: what a key
 * is has been judged before, and TLS is the JDK's.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.4">RFC 7518, 3.4: ECDSA</a>
 */
public final class Ecdsa {

  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

  private static final Loaded LOADED = load();

  /** What does it where it is not the JDK, or why that is not there. */
  private record Loaded(Optional<Provider> provider, Optional<String> fault) {}

  private Ecdsa() {}

  /** Why the JDK does it here; empty where BoringSSL does. */
  public static Optional<String> fault() {
    return LOADED.fault();
  }

  /** What signs with the private half of {@code key}. */
  static JWSSigner signer(ECKey key) throws JOSEException {
    if (LOADED.provider().isEmpty()) {
      return new ECDSASigner(key);
    }
    Provider provider = LOADED.provider().get();
    try {
      byte[] encoded = key.toECPrivateKey().getEncoded();
      PrivateKey own =
          KeyFactory.getInstance("EC", provider).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      ECDSASigner signer = new ECDSASigner(own, key.getCurve());
      signer.getJCAContext().setProvider(provider);
      return signer;
    } catch (GeneralSecurityException e) {
      // Not the cause: it may quote the key.
      throw new JOSEException("no private key of " + key.getCurve());
    }
  }

  /** What verifies with the public half of {@code key}. */
  static JWSVerifier verifier(ECKey key) throws JOSEException {
    if (LOADED.provider().isEmpty()) {
      return new ECDSAVerifier(key);
    }
    Provider provider = LOADED.provider().get();
    try {
      byte[] encoded = key.toECPublicKey().getEncoded();
      PublicKey own =
          KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(encoded));
      ECDSAVerifier verifier = new ECDSAVerifier((ECPublicKey) own);
      verifier.getJCAContext().setProvider(provider);
      return verifier;
    } catch (GeneralSecurityException e) {
      throw new JOSEException("no public key of " + key.getCurve(), e);
    }
  }

  private static Loaded load() {
    try {
      Provider provider = Conscrypt.newProvider();
      return agreesWithTheJdk(provider)
          ? new Loaded(Optional.of(provider), Optional.empty())
          : without("it and the JDK disagree on a signature");
    } catch (GeneralSecurityException | LinkageError | RuntimeException e) {
      return without("it does not load: " + e.getMessage());
    }
  }

  private static Loaded without(String fault) {
    return new Loaded(Optional.empty(), Optional.of(fault));
  }

  /**
   * Whether each verifies what the other signs, and neither what has been signed of other bytes.
   */
  private static boolean agreesWithTheJdk(Provider provider) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Provider jdk = generator.getProvider();
    return holds(jdk, provider, pair) && holds(provider, jdk, pair);
  }

  private static boolean holds(Provider signs, Provider verifies, KeyPair pair)
      throws GeneralSecurityException {
    Signature signing = Signature.getInstance("SHA256withECDSA", signs);
    signing.initSign(pair.getPrivate());
    signing.update(PROBE);
    byte[] signature = signing.sign();
    return verifies(verifies, pair, PROBE, signature)
        && !verifies(verifies, pair, new byte[PROBE.length], signature);
  }

  private static boolean verifies(Provider by, KeyPair pair, byte[] bytes, byte[] signature)
      throws GeneralSecurityException {
    Signature verifying = Signature.getInstance("SHA256withECDSA", by);
    verifying.initVerify(pair.getPublic());
    verifying.update(bytes);
    return verifying.verify(signature);
  }
}
