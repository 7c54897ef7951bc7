package dev.ermine.testing;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Keys of Ed25519, made and used by the JDK through their X.509 form, which the gateway has no part
 * in.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8410#section-4">RFC 8410, 4:
 *     SubjectPublicKeyInfo</a>
 */
public final class EdwardsKeys {

  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private EdwardsKeys() {}

  /** A new pair. */
  public static OctetKeyPair make(String keyId) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] spki = pair.getPublic().getEncoded();
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      byte[] point = Arrays.copyOfRange(spki, PREFIX.length, spki.length);
      return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
          .d(Base64URL.encode(seed))
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.EdDSA)
          .keyID(keyId)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the pair's private half has signed the token. */
  public static boolean hasSigned(OctetKeyPair pair, SignedJWT token) {
    try {
      byte[] point = pair.getDecodedX();
      byte[] spki = Arrays.copyOf(PREFIX, PREFIX.length + point.length);
      System.arraycopy(point, 0, spki, PREFIX.length, point.length);
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
      signature.update(token.getSigningInput());
      return signature.verify(token.getSignature().decode());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
