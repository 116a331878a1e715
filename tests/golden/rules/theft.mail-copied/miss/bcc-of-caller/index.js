const nodemailer = require('nodemailer');

const transport = nodemailer.createTransport({ host: process.env.MAIL_HOST });

exports.send = ({ to, bcc, subject, text }) =>
  transport.sendMail({ from: process.env.MAIL_FROM, to, bcc: bcc || '', subject, text });
