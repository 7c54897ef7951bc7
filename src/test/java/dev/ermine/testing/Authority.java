package dev.ermine.testing;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that revokes: by lists, and as an OCSP responder. */
public final class Authority {

  private static final Duration LIFE = Duration.ofDays(365);

  private final String name;
  private final Instant now;
  private final KeyPair pair = pair();
  private final X509Certificate certificate;
  private long serial = 1;

  /** An authority whose certificates are good for a year either way of {@code now}. */
  public Authority(String name, Instant now) {
    this.name = name;
    this.now = now;
    this.certificate = sign(name, pair, Purpose.ISSUING, pair);
  }

  private enum Purpose {
    ISSUING,
    TLS,
    OCSP
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A certificate for TLS at either end, for the host {@code localhost}. */
  public TestPki.Identity issue(String subject) {
    KeyPair own = pair();
    return new TestPki.Identity(sign(subject, own, Purpose.TLS, pair), own.getPrivate());
  }

  /** A list that is in date for a day either way. */
  public X509CRL list(X509Certificate... revoked) {
    return list(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), revoked);
  }

  /** A list with those times. */
  public X509CRL list(Instant thisUpdate, Instant nextUpdate, X509Certificate... revoked) {
    return crl(encodedList(thisUpdate, Optional.of(nextUpdate), false, revoked));
  }

  /** A list as a file has it, perhaps without {@code nextUpdate}, perhaps a delta alone. */
  public byte[] encodedList(
      Instant thisUpdate, Optional<Instant> nextUpdate, boolean delta, X509Certificate... revoked) {
    try {
      var builder =
          new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), Date.from(thisUpdate));
      nextUpdate.ifPresent(next -> builder.setNextUpdate(Date.from(next)));
      for (X509Certificate each : revoked) {
        builder.addCRLEntry(each.getSerialNumber(), Date.from(thisUpdate), CRLReason.keyCompromise);
      }
      if (delta) {
        builder.addExtension(
            Extension.deltaCRLIndicator, true, new CRLNumber(BigInteger.valueOf(1)));
      }
      return builder.build(signer(pair)).getEncoded();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a file in PEM has. */
  public static String pem(String kind, byte[] der) {
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  private static X509CRL crl(byte[] der) {
    try {
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the responder says of the certificate in a request. */
  public final class Responder {

    private CertificateStatus status = CertificateStatus.GOOD;
    private Instant from = now;
    private Optional<Instant> until = Optional.of(now.plus(Duration.ofMinutes(30)));
    private KeyPair key = pair;
    private Optional<X509Certificate> delegate = Optional.empty();

    /** That it is revoked. */
    public Responder revoked() {
      status =
          new org.bouncycastle.cert.ocsp.RevokedStatus(
              Date.from(now.minusSeconds(60)), CRLReason.keyCompromise);
      return this;
    }

    /** That it knows no such certificate. */
    public Responder unknown() {
      status = new org.bouncycastle.cert.ocsp.UnknownStatus();
      return this;
    }

    /** The times of its answers. */
    public Responder valid(Instant thisUpdate, Optional<Instant> nextUpdate) {
      from = thisUpdate;
      until = nextUpdate;
      return this;
    }

    /** Signs with a key that the authority has set apart for it, or not so. */
    public Responder delegated(boolean setApart) {
      key = pair();
      delegate = Optional.of(sign("responder", key, setApart ? Purpose.OCSP : Purpose.TLS, pair));
      return this;
    }

    /** Signs with anybody's key. */
    public Responder forged() {
      key = pair();
      return this;
    }

    /** Its answer to a request. */
    public byte[] answer(byte[] request) {
      try {
        var asked = new OCSPReq(request).getRequestList()[0].getCertID();
        var holder = new JcaX509CertificateHolder(delegate.orElse(certificate));
        var builder = new BasicOCSPRespBuilder(new RespID(holder.getSubject()));
        builder.addResponse(
            asked, status, Date.from(from), until.map(Date::from).orElse(null), null);
        var basic =
            builder.build(
                signer(key),
                delegate.isPresent()
                    ? new org.bouncycastle.cert.X509CertificateHolder[] {holder}
                    : null,
                Date.from(from));
        OCSPResp response = new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic);
        return response.getEncoded();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Its responder, which says that every certificate is good. */
  public Responder responder() {
    return new Responder();
  }

  private X509Certificate sign(String subject, KeyPair own, Purpose purpose, KeyPair by) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=" + name),
              BigInteger.valueOf(serial++),
              Date.from(now.minus(LIFE)),
              Date.from(now.plus(LIFE)),
              new X500Name("CN=" + subject),
              own.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(purpose == Purpose.ISSUING));
      switch (purpose) {
        case ISSUING ->
            builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        case TLS -> {
          builder.addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
          builder.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
                  }));
        }
        case OCSP -> {
          builder.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning));
          builder.addExtension(
              OCSPObjectIdentifiers.id_pkix_ocsp_nocheck,
              false,
              org.bouncycastle.asn1.DERNull.INSTANCE);
        }
      }
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(by)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static ContentSigner signer(KeyPair pair) throws Exception {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
