package dev.ermine.app;

import java.security.cert.X509Certificate;
import java.util.function.Supplier;

/**
 * The gateway's own certificates, each as it is in use now.
 *
 * @param server what is shown to askers
 * @param client what is shown to peers
 */
record OwnCertificates(Supplier<X509Certificate> server, Supplier<X509Certificate> client) {}
